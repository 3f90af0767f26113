package io.github.diffusion4j.image;

import io.github.diffusion4j.files.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Writes and reads PNG files, with notes such as the seed in their {@code tEXt} chunks; those with
 * letters that Latin-1 lacks are {@code iTXt} chunks.
 */
public final class Png {
  private static final String METADATA = "javax_imageio_png_1.0";

  private Png() {}

  /**
   * Writes {@code picture} to {@code file}, which appears complete or not at all; missing folders
   * are made.
   */
  public static void write(BufferedImage picture, Path file) throws IOException {
    write(picture, file, Map.of());
  }

  /**
   * Writes {@code picture} with notes to {@code file}, which appears complete or not at all;
   * missing folders are made.
   *
   * @param notes keyword (1 to 79 Latin-1 characters) to text
   */
  public static void write(BufferedImage picture, Path file, Map<String, String> notes)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    encode(picture, notes, bytes);
    AtomicFile.write(file, bytes.toByteArray());
  }

  /** Returns the picture in {@code file}. */
  public static BufferedImage read(Path file) throws IOException {
    BufferedImage picture = ImageIO.read(file.toFile());
    if (picture == null) {
      throw new IOException(file + " is not an image");
    }
    return picture;
  }

  /**
   * Returns the notes in {@code file} in the order in which they were written, those with letters
   * that Latin-1 lacks last.
   */
  public static Map<String, String> notes(Path file) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(in);
      Map<String, String> notes = new LinkedHashMap<>();
      IIOMetadataNode tree = (IIOMetadataNode) reader.getImageMetadata(0).getAsTree(METADATA);
      read(tree.getElementsByTagName("tEXtEntry"), "value", notes);
      read(tree.getElementsByTagName("iTXtEntry"), "text", notes);
      return notes;
    } finally {
      reader.dispose();
    }
  }

  private static void read(NodeList chunks, String value, Map<String, String> notes) {
    for (int i = 0; i < chunks.getLength(); i++) {
      IIOMetadataNode chunk = (IIOMetadataNode) chunks.item(i);
      notes.put(chunk.getAttribute("keyword"), chunk.getAttribute(value));
    }
  }

  private static void encode(BufferedImage picture, Map<String, String> notes, OutputStream target)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(target)) {
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(
              ImageTypeSpecifier.createFromRenderedImage(picture), writer.getDefaultWriteParam());
      if (!notes.isEmpty()) {
        metadata.mergeTree(METADATA, tree(notes));
      }
      writer.setOutput(out);
      writer.write(new IIOImage(picture, null, metadata));
    } finally {
      writer.dispose();
    }
  }

  private static Node tree(Map<String, String> notes) {
    IIOMetadataNode latin = new IIOMetadataNode("tEXt");
    IIOMetadataNode others = new IIOMetadataNode("iTXt");
    notes.forEach(
        (keyword, text) -> {
          if (StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
            latin.appendChild(entry("tEXtEntry", Map.of("keyword", keyword, "value", text)));
          } else {
            others.appendChild(
                entry(
                    "iTXtEntry",
                    Map.of(
                        "keyword", keyword,
                        "text", text,
                        "compressionFlag", "FALSE",
                        "compressionMethod", "0",
                        "languageTag", "",
                        "translatedKeyword", "")));
          }
        });
    IIOMetadataNode root = new IIOMetadataNode(METADATA);
    root.appendChild(latin);
    root.appendChild(others);
    return root;
  }

  private static Node entry(String name, Map<String, String> attributes) {
    IIOMetadataNode chunk = new IIOMetadataNode(name);
    attributes.forEach(chunk::setAttribute);
    return chunk;
  }
}
