import com.nimbusds.jose.*;
import com.nimbusds.jose.crypto.*;
import com.nimbusds.jose.jwk.*;
import com.nimbusds.jose.util.*;
import java.io.*;
import java.util.*;

class Make {
  public static void main(String[] args) throws Exception {
    for (String line : new BufferedReader(new InputStreamReader(System.in, "UTF-8")).lines().toList()) {
      Map<String, Object> task = JSONObjectUtils.parse(line);
      Map<String, Object> header = new HashMap<>(JSONObjectUtils.getJSONObject(task, "head"));
      header.putAll(JSONObjectUtils.getJSONObject(task, "key"));
      JWEObject seal = new JWEObject(JWEHeader.parse(header), new Payload((String) task.get("text")));
      seal.encrypt(new RSAEncrypter(RSAKey.parse(JSONObjectUtils.getJSONObject(task, "jwk"))));
      System.out.println("\"" + seal.serialize() + "\"");
    }
  }
}
