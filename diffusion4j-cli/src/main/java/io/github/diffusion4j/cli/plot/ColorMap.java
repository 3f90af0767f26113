package io.github.diffusion4j.cli.plot;

import java.awt.Color;
import java.util.stream.IntStream;

/**
 * Numbers as colors, from white for 0 over teal and blue to a dark blue for 1.
 *
 * <p>The colors lie on a curve in Ottosson's OKLab, a space in which distances are what the eye
 * sees: lightness falls evenly while the hue turns and the color grows stronger. They are taken
 * from it at equal distances, so that equal differences of numbers look equal, in gray too.
 */
public final class ColorMap {
  private static final int COLORS = 64;
  private static final int FINE = 4096;

  private static final double LIGHTEST = 0.985;
  private static final double DARKEST = 0.285;
  private static final double CHROMA = 0.105;
  private static final double FIRST_HUE = Math.toRadians(165);
  private static final double LAST_HUE = Math.toRadians(285);

  private static final int[] TABLE = table();

  private ColorMap() {}

  /** Returns the color of {@code share} as 0xRRGGBB; below 0 that of 0, above 1 that of 1. */
  public static int rgb(double share) {
    return TABLE[(int) Math.rint(Math.max(0, Math.min(1, share)) * (COLORS - 1))];
  }

  /** Returns the same as a {@link Color}. */
  public static Color of(double share) {
    return new Color(rgb(share));
  }

  /** A point of the curve in OKLab; {@code u} in [0, 1]. */
  static double[] lab(double u) {
    double chroma = CHROMA * Math.sin(u * Math.PI / 2);
    double hue = FIRST_HUE + (LAST_HUE - FIRST_HUE) * u;
    return new double[] {
      LIGHTEST + (DARKEST - LIGHTEST) * u, chroma * Math.cos(hue), chroma * Math.sin(hue)
    };
  }

  private static int[] table() {
    double[] length = new double[FINE + 1];
    for (int i = 1; i <= FINE; i++) {
      length[i] = length[i - 1] + distance(lab((double) i / FINE), lab((double) (i - 1) / FINE));
    }
    int[] table = new int[COLORS];
    int i = 0;
    for (int k = 0; k < COLORS; k++) {
      while (length[i] < length[FINE] * k / (COLORS - 1) - 1e-12) {
        i++;
      }
      table[k] = srgb(lab((double) i / FINE));
    }
    return table;
  }

  private static double distance(double[] a, double[] b) {
    return Math.hypot(Math.hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
  }

  /** Red, green and blue as amounts of light, 0 to 1. */
  static double[] linear(double[] lab) {
    double l = cube(lab[0] + 0.3963377774 * lab[1] + 0.2158037573 * lab[2]);
    double m = cube(lab[0] - 0.1055613458 * lab[1] - 0.0638541728 * lab[2]);
    double s = cube(lab[0] - 0.0894841775 * lab[1] - 1.2914855480 * lab[2]);
    return new double[] {
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
    };
  }

  private static int srgb(double[] lab) {
    double[] linear = linear(lab);
    return IntStream.range(0, 3).map(i -> eightBits(linear[i]) << (8 * (2 - i))).sum();
  }

  /** The transfer function of sRGB. */
  private static int eightBits(double linear) {
    double held = Math.max(0, Math.min(1, linear));
    double value = held <= 0.0031308 ? 12.92 * held : 1.055 * Math.pow(held, 1 / 2.4) - 0.055;
    return (int) Math.rint(255 * value);
  }

  private static double cube(double x) {
    return x * x * x;
  }
}
