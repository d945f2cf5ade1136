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
			Head map[jose.HeaderKey]any
			Key  struct{ Kid string }
			Text string
			Jwk  jose.JSONWebKey
		}
		must(in.Decode(&task))
		options := jose.EncrypterOptions{ExtraHeaders: task.Head}
		to := jose.Recipient{Algorithm: jose.RSA_OAEP_256, Key: task.Jwk.Key, KeyID: task.Key.Kid}
		encrypter, err := jose.NewEncrypter(jose.A256GCM, to, &options)
		must(err)
		seal, err := encrypter.Encrypt([]byte(task.Text))
		must(err)
		compact, err := seal.CompactSerialize()
		must(err)
		must(out.Encode(compact))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
