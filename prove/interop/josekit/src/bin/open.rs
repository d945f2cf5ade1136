use josekit::{jwe::{self, Dir, RSA_OAEP_256}, jwk::Jwk};
use serde_json::{from_str, json, Value};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in std::io::stdin().lines() {
        let mut task: Value = from_str(&line?)?;
        let seal = task["seal"].to_string();
        let jwk = Jwk::from_map(task["jwk"].as_object_mut().ok_or("jwk")?.clone())?;
        let text = match jwk.key_type() {
            "oct" => jwe::deserialize_json(&seal, &Dir.decrypter_from_jwk(&jwk)?)?.0,
            _ => jwe::deserialize_json(&seal, &RSA_OAEP_256.decrypter_from_jwk(&jwk)?)?.0,
        };
        println!("{}", json!({ "text": String::from_utf8(text)? }));
    }
    Ok(())
}
