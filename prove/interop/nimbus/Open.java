import com.nimbusds.jose.*;
import com.nimbusds.jose.crypto.*;
import com.nimbusds.jose.jwk.*;
import com.nimbusds.jose.util.*;
import java.io.*;
import java.util.*;

class Open {
  public static void main(String[] args) throws Exception {
    for (String line : new BufferedReader(new InputStreamReader(System.in, "UTF-8")).lines().toList()) {
      Map<String, Object> task = JSONObjectUtils.parse(line);
      Map<String, Object> seal = JSONObjectUtils.getJSONObject(task, "seal");
      JWK jwk = JWK.parse(JSONObjectUtils.getJSONObject(task, "jwk"));
      boolean direct = jwk instanceof OctetSequenceKey;
      JWEAlgorithm alg = direct ? JWEAlgorithm.DIR : JWEAlgorithm.RSA_OAEP_256;
      JWEDecrypter decrypter = direct ? new DirectDecrypter(jwk.toOctetSequenceKey()) : new RSADecrypter(jwk.toRSAKey());
      byte[] text = decrypter.decrypt(new JWEHeader(alg, EncryptionMethod.A256GCM),
          part(seal, "encrypted_key"), part(seal, "iv"), part(seal, "ciphertext"), part(seal, "tag"),
          ((String) seal.get("protected")).getBytes("US-ASCII"));
      System.out.println(JSONObjectUtils.toJSONString(Map.of("text", new String(text, "UTF-8"))));
    }
  }

  static Base64URL part(Map<String, Object> seal, String name) {
    return seal.get(name) == null ? null : new Base64URL((String) seal.get(name));
  }
}
