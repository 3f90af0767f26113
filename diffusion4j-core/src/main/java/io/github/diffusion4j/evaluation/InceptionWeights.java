package io.github.diffusion4j.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Whether weights of Inception v3 are known to be those that FID is defined by. */
public enum InceptionWeights {
  /** A file that is byte for byte one of the published ones. */
  PUBLISHED {
    @Override
    String distanceName(InceptionProtocol protocol) {
      return String.format(Locale.ROOT, "FID (%s)", protocol.word());
    }

    @Override
    Optional<String> warning(InceptionProtocol protocol) {
      return Optional.empty();
    }
  },
  /** Names and shapes are right; what the numbers are, nobody has checked. */
  UNVERIFIED {
    @Override
    String distanceName(InceptionProtocol protocol) {
      return "FD-" + protocol.netName();
    }

    @Override
    Optional<String> warning(InceptionProtocol protocol) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "the weights of %s are not the published file, whose SHA-256 is %s: distances are called FD, not FID",
              protocol.netName(),
              STATE_DICTIONARY_HASH));
    }
  };

  /**
   * SHA-256 of {@code pt_inception-2015-12-05-6726825d.pth}, which pytorch-fid and, under another
   * name, torch-fidelity fetch.
   */
  public static final String STATE_DICTIONARY_HASH =
      "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2";

  /** Compares the SHA-256 of a file of weights with the published one. */
  public static InceptionWeights of(Path file) throws IOException {
    return ofHash(NetFingerprint.ofFile(file));
  }

  static InceptionWeights ofHash(String hash) {
    return hash.equals(STATE_DICTIONARY_HASH) ? PUBLISHED : UNVERIFIED;
  }

  abstract String distanceName(InceptionProtocol protocol);

  abstract Optional<String> warning(InceptionProtocol protocol);
}
