package io.sqletl.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.constructs.Construct;

/**
 * The password of the JupyterHub user, made when the stack is deployed and in no template or log.
 */
final class JupyterPassword extends Construct {

  /** The property of the secret's JSON that is the password. */
  static final String PROPERTY = "password";

  private final Secret secret;

  JupyterPassword(Construct scope, String id, PlatformParameters parameters, EksCluster cluster) {
    super(scope, id);
    secret =
        Secret.Builder.create(this, "Secret")
            .description("User and password of JupyterHub")
            .encryptionKey(cluster.key())
            .generateSecretString(
                SecretStringGenerator.builder()
                    .secretStringTemplate(json(Map.of("username", parameters.jupyterUser())))
                    .generateStringKey(PROPERTY)
                    .passwordLength(32)
                    .excludePunctuation(true)
                    .build())
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    AcceptedFinding.on(
        secret,
        "AwsSolutions-SMG4",
        "A person types it, and JupyterHub reads it when it starts; put a new value into the secret to"
            + " change it");
  }

  Secret secret() {
    return secret;
  }

  private static String json(Map<String, String> value) {
    try {
      return new ObjectMapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
