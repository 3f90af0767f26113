package io.github.diffusion4j.diffusion;

import java.util.Arrays;

/** The notations of docs/math.md, each made from the one before it. */
final class Notations {
  private Notations() {}

  /**
   * One of the notations of docs/math.md, with its own formulas; all numbers are about xₜ as Ho has
   * it.
   */
  interface Notation {
    /** The factor of x₀ in xₜ. */
    double signal(int t);

    /** The factor of the noise in xₜ. */
    double noise(int t);

    /** The factor of x₍t−1₎ in one step of the forward process. */
    double kept(int t);

    /** The factor of the fresh noise in one step of the forward process. */
    double added(int t);

    /** The factor of x₀ in the mean of the posterior. */
    double ofX0(int t);

    /** The factor of xₜ in the mean of the posterior. */
    double ofXt(int t);

    /** The standard deviation of the posterior. */
    double deviation(int t);

    /** Ho's βₜ, from the numbers of this notation. */
    double beta(int t);

    /** The factor of xₜ in the mean of the reverse step that is written with the noise. */
    double back(int t);

    /** What of the noise is taken away in the mean of the reverse step. */
    double taken(int t);
  }

  /** βₜ is a variance, αₜ = 1 − βₜ, ᾱₜ its product. */
  record Ho(double[] betas) implements Notation {
    private double alphaBar(int t) {
      double product = 1;
      for (int s = 1; s <= t; s++) {
        product *= 1 - betas[s - 1];
      }
      return product;
    }

    @Override
    public double signal(int t) {
      return Math.sqrt(alphaBar(t));
    }

    @Override
    public double noise(int t) {
      return Math.sqrt(1 - alphaBar(t));
    }

    @Override
    public double kept(int t) {
      return Math.sqrt(1 - beta(t));
    }

    @Override
    public double added(int t) {
      return Math.sqrt(beta(t));
    }

    @Override
    public double ofX0(int t) {
      return Math.sqrt(alphaBar(t - 1)) * beta(t) / (1 - alphaBar(t));
    }

    @Override
    public double ofXt(int t) {
      return Math.sqrt(1 - beta(t)) * (1 - alphaBar(t - 1)) / (1 - alphaBar(t));
    }

    @Override
    public double deviation(int t) {
      return Math.sqrt((1 - alphaBar(t - 1)) / (1 - alphaBar(t)) * beta(t));
    }

    @Override
    public double beta(int t) {
      return betas[t - 1];
    }

    @Override
    public double back(int t) {
      return 1 / Math.sqrt(1 - beta(t));
    }

    @Override
    public double taken(int t) {
      return beta(t) / Math.sqrt(1 - alphaBar(t)) / Math.sqrt(1 - beta(t));
    }

    static Ho from(Edm other) {
      double[] betas = new double[other.sigma().length - 1];
      Arrays.setAll(betas, i -> other.beta(i + 1));
      return new Ho(betas);
    }
  }

  /** xₜ = αₜ x₍t−1₎ + βₜ ε with αₜ² + βₜ² = 1; ᾱₜ = α₁ … αₜ, β̄ₜ = √(1 − ᾱₜ²). */
  record Deviations(double[] alpha) implements Notation {
    private double betaBar(int t) {
      return Math.sqrt(1 - signal(t) * signal(t));
    }

    @Override
    public double signal(int t) {
      double product = 1;
      for (int s = 1; s <= t; s++) {
        product *= kept(s);
      }
      return product;
    }

    @Override
    public double noise(int t) {
      return betaBar(t);
    }

    @Override
    public double kept(int t) {
      return alpha[t - 1];
    }

    @Override
    public double added(int t) {
      return Math.sqrt(1 - kept(t) * kept(t));
    }

    @Override
    public double ofX0(int t) {
      return signal(t - 1) * Math.pow(added(t) / betaBar(t), 2);
    }

    @Override
    public double ofXt(int t) {
      return kept(t) * Math.pow(betaBar(t - 1) / betaBar(t), 2);
    }

    @Override
    public double deviation(int t) {
      return betaBar(t - 1) / betaBar(t) * added(t);
    }

    @Override
    public double beta(int t) {
      return added(t) * added(t);
    }

    @Override
    public double back(int t) {
      return 1 / kept(t);
    }

    @Override
    public double taken(int t) {
      return added(t) * added(t) / betaBar(t) / kept(t);
    }

    static Deviations from(Ho other) {
      return new Deviations(Arrays.stream(other.betas()).map(b -> Math.sqrt(1 - b)).toArray());
    }
  }

  /** DDIM: α is what Ho writes ᾱ; index 0 is 1. */
  record Ddim(double[] alpha) implements Notation {
    @Override
    public double signal(int t) {
      return Math.sqrt(alpha[t]);
    }

    @Override
    public double noise(int t) {
      return Math.sqrt(1 - alpha[t]);
    }

    @Override
    public double kept(int t) {
      return Math.sqrt(alpha[t] / alpha[t - 1]);
    }

    @Override
    public double added(int t) {
      return Math.sqrt(1 - alpha[t] / alpha[t - 1]);
    }

    @Override
    public double ofX0(int t) {
      return signal(t - 1) - ofXt(t) * signal(t);
    }

    @Override
    public double ofXt(int t) {
      return Math.sqrt(1 - alpha[t - 1] - Math.pow(deviation(t), 2)) / Math.sqrt(1 - alpha[t]);
    }

    @Override
    public double deviation(int t) {
      return Math.sqrt((1 - alpha[t - 1]) / (1 - alpha[t]))
          * Math.sqrt(1 - alpha[t] / alpha[t - 1]);
    }

    @Override
    public double beta(int t) {
      return 1 - alpha[t] / alpha[t - 1];
    }

    @Override
    public double back(int t) {
      return Math.sqrt(alpha[t - 1] / alpha[t]);
    }

    @Override
    public double taken(int t) {
      double direction = Math.sqrt(1 - alpha[t - 1] - Math.pow(deviation(t), 2));
      return back(t) * Math.sqrt(1 - alpha[t]) - direction;
    }

    static Ddim from(Deviations other) {
      double[] alpha = new double[other.alpha().length + 1];
      Arrays.setAll(alpha, t -> Math.pow(other.signal(t), 2));
      return new Ddim(alpha);
    }
  }

  /** EDM: x̄ₜ = x₀ + σₜ ε; Ho's xₜ is s(σₜ) x̄ₜ with s(σ) = 1 / √(1 + σ²); σ₀ = 0. */
  record Edm(double[] sigma) implements Notation {
    private double scale(int t) {
      return 1 / Math.sqrt(1 + sigma[t] * sigma[t]);
    }

    private double ratio(int t) {
      return Math.pow(sigma[t - 1] / sigma[t], 2);
    }

    @Override
    public double signal(int t) {
      return scale(t);
    }

    @Override
    public double noise(int t) {
      return scale(t) * sigma[t];
    }

    @Override
    public double kept(int t) {
      return scale(t) / scale(t - 1);
    }

    @Override
    public double added(int t) {
      return scale(t) * Math.sqrt(sigma[t] * sigma[t] - sigma[t - 1] * sigma[t - 1]);
    }

    @Override
    public double ofX0(int t) {
      return scale(t - 1) * (1 - ratio(t));
    }

    @Override
    public double ofXt(int t) {
      return scale(t - 1) * ratio(t) / scale(t);
    }

    @Override
    public double deviation(int t) {
      return scale(t - 1) * sigma[t - 1] * Math.sqrt(1 - ratio(t));
    }

    @Override
    public double beta(int t) {
      return 1 - (1 + sigma[t - 1] * sigma[t - 1]) / (1 + sigma[t] * sigma[t]);
    }

    @Override
    public double back(int t) {
      return scale(t - 1) / scale(t);
    }

    @Override
    public double taken(int t) {
      return scale(t - 1) * (sigma[t] * sigma[t] - sigma[t - 1] * sigma[t - 1]) / sigma[t];
    }

    static Edm from(Ddim other) {
      return new Edm(Arrays.stream(other.alpha()).map(a -> Math.sqrt((1 - a) / a)).toArray());
    }
  }
}
