package main

import (
	"encoding/json"
	"os"

	"github.com/go-jose/go-jose/v4"
)

func main() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for in.More() {
		var task struct {
			Seal json.RawMessage
			Jwk  jose.JSONWebKey
		}
		must(in.Decode(&task))
		seal, err := jose.ParseEncryptedJSON(string(task.Seal),
			[]jose.KeyAlgorithm{jose.RSA_OAEP_256, jose.DIRECT}, []jose.ContentEncryption{jose.A256GCM})
		must(err)
		text, err := seal.Decrypt(task.Jwk.Key)
		must(err)
		must(out.Encode(map[string]string{"text": string(text)}))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
