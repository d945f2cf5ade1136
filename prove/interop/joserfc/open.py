import json
import sys

from joserfc import jwe
from joserfc.jwk import import_key

names = ["RSA-OAEP-256", "dir", "A256GCM"]
registry = jwe.JWERegistry(algorithms=names, strict_check_header=False)
for line in sys.stdin:
    task = json.loads(line)
    token = jwe.decrypt_json(task["seal"], import_key(task["jwk"]), registry=registry)
    print(json.dumps({"text": token.plaintext.decode("utf-8")}))
