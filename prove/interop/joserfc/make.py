import json
import sys

from joserfc import jwe
from joserfc.jwk import import_key

names = ["RSA-OAEP-256", "A256GCM"]
registry = jwe.JWERegistry(algorithms=names, strict_check_header=False)
for line in sys.stdin:
    task = json.loads(line)
    head, key, text = task["head"], task["key"], task["text"].encode("utf-8")
    jwk = import_key(task["jwk"])
    if task["isProtected"]:
        print(json.dumps(jwe.encrypt_compact({**key, **head}, text, jwk, registry=registry)))
    else:
        token = jwe.FlattenedJSONEncryption(head, text)
        token.add_recipient(key, jwk)
        print(json.dumps(jwe.encrypt_json(token, None, registry=registry)))
