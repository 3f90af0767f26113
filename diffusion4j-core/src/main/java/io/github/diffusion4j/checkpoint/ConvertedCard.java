package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.ImageModelConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The page {@code README.md} of a model that was trained elsewhere: where it comes from, its
 * process, and how to use it. How it was trained and how good it is, nobody here knows.
 *
 * @param name of the file or folder that it was, for the title
 * @param origin what that was
 * @param network the shape of the network
 * @param process the diffusion process it was trained for
 * @param scheduler how it is sampled
 * @param notes what was assumed, and what was left out
 */
public record ConvertedCard(
    String name,
    String origin,
    ModelConfig network,
    ProcessConfig process,
    PublishedScheduler scheduler,
    List<String> notes) {
  /** Copies the notes. */
  public ConvertedCard {
    notes = List.copyOf(notes);
  }

  /** Writes the page into the folder of a model. */
  public void write(Path folder) throws IOException {
    AtomicFile.writeForced(folder.resolve(ModelCard.FILE), text());
  }

  /** Returns the page in Markdown; the same model gives the same text. */
  public String text() {
    boolean known = DiffusersPipeline.knows(network);
    StringBuilder page = new StringBuilder("---\n").append(ModelCard.LICENSE);
    page.append(known ? "library_name: diffusers\n" : "library_name: diffusion4j\n");
    if (network instanceof ImageModelConfig) {
      page.append("pipeline_tag: unconditional-image-generation\n");
    }
    page.append("tags:\n- diffusion4j\n- ddpm\n---\n\n# ").append(name);
    page.append("\n\nConverted with diffusion4j from ").append(origin);
    page.append(". How it was trained and how good it is, is not known.\n\n## Use\n\n");
    page.append(ModelCard.use(network, process, scheduler));
    page.append("\n## Process\n\n| | |\n| --- | --- |\n");
    ConfigFiles.options(process)
        .forEach(
            (option, value) -> {
              if (!option.endsWith(".betas")) { // a table of a thousand numbers is in the scheduler
                page.append(String.format(Locale.ROOT, "| `%s` | %s |\n", option, value));
              }
            });
    if (!notes.isEmpty()) {
      page.append("\n## Assumed and left out\n\n");
      notes.forEach(note -> page.append("- ").append(note).append('\n'));
    }
    return page.toString();
  }
}
