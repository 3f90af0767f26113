/**
 * How good samples are: distances between the features of samples and of real images, and a judge
 * of handwritten digits that comes with the library.
 *
 * <p>Points are compared as they are: by {@link io.github.diffusion4j.evaluation.SlicedWasserstein}
 * and {@link io.github.diffusion4j.evaluation.MaximumMeanDiscrepancy}, which are right for two
 * numbers as for many. References:
 *
 * <ul>
 *   <li>SW: Bonneel, Rabin, Peyré, Pfister, Sliced and Radon Wasserstein Barycenters of Measures,
 *       2015
 *   <li>MMD: Gretton, Borgwardt, Rasch, Schölkopf, Smola, A Kernel Two-Sample Test, 2012
 *   <li>FID: Heusel, Ramsauer, Unterthiner, Nessler, Hochreiter, GANs Trained by a Two Time-Scale
 *       Update Rule Converge to a Local Nash Equilibrium, 2017
 *   <li>FD∞: Chong, Forsyth, Effectively Unbiased FID and Inception Score and Where to Find Them,
 *       2020
 *   <li>KID: Bińkowski, Sutherland, Arbel, Gretton, Demystifying MMD GANs, 2018
 *   <li>IS: Salimans, Goodfellow, Zaremba, Cheung, Radford, Chen, Improved Techniques for Training
 *       GANs, 2016
 *   <li>PR: Kynkäänniemi, Karras, Laine, Lehtinen, Aila, Improved Precision and Recall Metric for
 *       Assessing Generative Models, 2019
 *   <li>DC: Naeem, Oh, Uh, Choi, Yoo, Reliable Fidelity and Diversity Metrics for Generative
 *       Models, 2020
 *   <li>sFID: Nash, Menick, Dieleman, Battaglia, Generating Images with Sparse Representations,
 *       2021
 * </ul>
 *
 * <p>Features come from a {@link io.github.diffusion4j.evaluation.FeatureNet}, which knows what its
 * protocol does to images before; the distances themselves know no images. Sets of {@link
 * io.github.diffusion4j.evaluation.Features} are compared by {@link
 * io.github.diffusion4j.evaluation.FrechetDistance}, {@link
 * io.github.diffusion4j.evaluation.KernelDistance}, {@link
 * io.github.diffusion4j.evaluation.PrecisionRecall} and {@link
 * io.github.diffusion4j.evaluation.DensityCoverage}; {@link
 * io.github.diffusion4j.evaluation.InceptionScore} judges the answers of a classifier.
 */
@NullMarked
package io.github.diffusion4j.evaluation;

import org.jspecify.annotations.NullMarked;
