import json
import sys

from jwcrypto import jwe, jwk

for line in sys.stdin:
    task = json.loads(line)
    token = jwe.JWE()
    token.deserialize(json.dumps(task["seal"]), jwk.JWK(**task["jwk"]))
    print(json.dumps({"text": token.payload.decode("utf-8")}))
