import json
import sys

from jwcrypto import jwe, jwk

for line in sys.stdin:
    task = json.loads(line)
    head, key = task["head"], json.dumps(task["key"])
    if task["isProtected"]:
        head, key = {**task["key"], **head}, None
    token = jwe.JWE(task["text"].encode("utf-8"), json.dumps(head))
    token.add_recipient(jwk.JWK(**task["jwk"]), header=key)
    print(token.serialize())
