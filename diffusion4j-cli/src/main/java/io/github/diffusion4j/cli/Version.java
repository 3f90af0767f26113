package io.github.diffusion4j.cli;

import io.github.diffusion4j.torch.Engine;
import picocli.CommandLine.IVersionProvider;

/** The versions of this program, of libtorch and of Java. */
public final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "diffusion4j " + own(),
      "libtorch " + Engine.version(),
      "Java " + Runtime.version() + " on " + System.getProperty("os.name")
    };
  }

  /** Returns the version in the jar's manifest; classes straight from a build have none. */
  public static String own() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development build" : version;
  }
}
