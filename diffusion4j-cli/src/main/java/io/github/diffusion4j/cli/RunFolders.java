package io.github.diffusion4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where runs go when nobody says where: {@code runs/NAME}, {@code runs/NAME-2}, … */
final class RunFolders {
  private RunFolders() {}

  static Path free(String name) {
    Path runs = Path.of("runs");
    Path folder = runs.resolve(name);
    for (int number = 2; Files.exists(folder); number++) {
      folder = runs.resolve(name + "-" + number);
    }
    return folder;
  }
}
