package io.github.diffusion4j.checkpoint;

/** What a file says, made fit for a message: short, and without line breaks or escape codes. */
final class OneLine {
  private static final int LONGEST = 200;

  private OneLine() {}

  /** Returns the text of {@code said}, cut after 200 characters. */
  static String of(Object said) {
    return of(said, LONGEST);
  }

  /** Returns the text of {@code said}, cut after {@code most} characters. */
  static String of(Object said, int most) {
    String text = said.toString();
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), most); i++) {
      char letter = text.charAt(i);
      boolean harmless = !Character.isISOControl(letter) && !isLineBreak(letter);
      line.append(harmless ? letter : '?');
    }
    return text.length() > most ? line.append('…').toString() : line.toString();
  }

  private static boolean isLineBreak(char letter) {
    int type = Character.getType(letter);
    return type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
  }
}
