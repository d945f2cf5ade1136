use josekit::{jwe::{self, JweHeader, JweHeaderSet, RSA_OAEP_256}, jwk::Jwk};
use serde_json::{from_str, json, Map, Value};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in std::io::stdin().lines() {
        let task: Map<String, Value> = from_str(&line?)?;
        let map = |name: &str| task[name].as_object().cloned().unwrap_or_default();
        let text = task["text"].as_str().unwrap_or_default().as_bytes();
        let key = JweHeader::from_map(map("key"))?;
        let encrypter = RSA_OAEP_256.encrypter_from_jwk(&Jwk::from_map(map("jwk"))?)?;
        if task["isProtected"] == json!(true) {
            let all: Map<String, Value> = map("key").into_iter().chain(map("head")).collect();
            let seal = jwe::serialize_compact(text, &JweHeader::from_map(all)?, &encrypter)?;
            println!("{}", json!(seal));
            continue;
        }
        let mut head = JweHeaderSet::new();
        for (name, value) in map("head") {
            head.set_claim(&name, Some(value), true)?;
        }
        println!("{}", jwe::serialize_flattened_json(text, Some(&head), Some(&key), None, &encrypter)?);
    }
    Ok(())
}
