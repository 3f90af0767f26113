/**
 * The process itself: noise schedules, the forward process q, its posterior, the variances of the
 * reverse process p, and what a network may be asked to predict. Nothing here knows of networks.
 *
 * <p>Time runs from 1 to T as in the paper; t = 0 is the clean image and {@code alphaBar(0) == 1}.
 * Accents become words: <b>bar</b> is a cumulative product, <b>tilde</b> belongs to the posterior,
 * <b>hat</b> is an estimate made by a network.
 *
 * <p>References, cited as {@code [DDPM Eq. 7]}:
 *
 * <ul>
 *   <li>DDPM: Ho, Jain, Abbeel, Denoising Diffusion Probabilistic Models, 2020, arXiv:2006.11239
 *   <li>DDIM: Song, Meng, Ermon, Denoising Diffusion Implicit Models, 2020, arXiv:2010.02502
 *   <li>iDDPM: Nichol, Dhariwal, Improved Denoising Diffusion Probabilistic Models, 2021,
 *       arXiv:2102.09672
 *   <li>PD: Salimans, Ho, Progressive Distillation, 2022, arXiv:2202.00512 (v-prediction)
 *   <li>MinSNR: Hang et al., Efficient Diffusion Training via Min-SNR Weighting, 2023,
 *       arXiv:2303.09556
 *   <li>AnalogBits: Chen, Zhang, Hinton, Analog Bits: Generating Discrete Data using Diffusion
 *       Models with Self-Conditioning, 2022, arXiv:2208.04202
 *   <li>P2: Choi et al., Perception Prioritized Training of Diffusion Models, 2022,
 *       arXiv:2204.00227
 *   <li>EDM: Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models,
 *       2022, arXiv:2206.00364
 *   <li>Analytic-DPM: Bao, Li, Zhu, Zhang, Analytic-DPM: an Analytic Estimate of the Optimal
 *       Reverse Variance in Diffusion Probabilistic Models, 2022, arXiv:2201.06503
 *   <li>Jabri: Jabri, Fleet, Chen, Scalable Adaptive Computation, 2022, arXiv:2212.11972 (sigmoid
 *       schedule)
 *   <li>GeoDiff: Xu et al., GeoDiff, 2022, arXiv:2203.02923 (the other sigmoid schedule)
 *   <li>PNDM: Liu et al., Pseudo Numerical Methods for Diffusion Models on Manifolds, 2022,
 *       arXiv:2202.09778
 *   <li>NCSN: Song, Ermon, Generative Modeling by Estimating Gradients of the Data Distribution,
 *       2019, arXiv:1907.05600 (annealed Langevin dynamics)
 *   <li>Imagen: Saharia et al., Photorealistic Text-to-Image Diffusion Models with Deep Language
 *       Understanding, 2022, arXiv:2205.11487 (dynamic thresholding)
 *   <li>DPM: Sohl-Dickstein et al., Deep Unsupervised Learning using Nonequilibrium Thermodynamics,
 *       2015, arXiv:1503.03585
 *   <li>FFJORD: Grathwohl et al., FFJORD: Free-form Continuous Dynamics for Scalable Reversible
 *       Generative Models, 2018, arXiv:1810.01367 (the trace of a Jacobian by one probe)
 *   <li>ScoreSDE: Song et al., Score-Based Generative Modeling through Stochastic Differential
 *       Equations, 2020, arXiv:2011.13456 (continuous time)
 *   <li>ZTSNR: Lin et al., Common Diffusion Noise Schedules and Sample Steps are Flawed, 2023,
 *       arXiv:2305.08891 (zero terminal SNR)
 *   <li>Hang: Hang et al., Improved Noise Schedule for Diffusion Training, 2024, arXiv:2407.03297
 *       (Laplace schedule)
 *   <li>DPM-Solver: Lu et al., DPM-Solver: A Fast ODE Solver for Diffusion Probabilistic Model
 *       Sampling in Around 10 Steps, 2022, arXiv:2206.00927
 *   <li>DPM-Solver++: Lu et al., DPM-Solver++: Fast Solver for Guided Sampling of Diffusion
 *       Probabilistic Models, 2022, arXiv:2211.01095
 *   <li>UniPC: Zhao et al., UniPC: A Unified Predictor-Corrector Framework for Fast Sampling of
 *       Diffusion Models, 2023, arXiv:2302.04867
 *   <li>DEIS: Zhang, Chen, Fast Sampling of Diffusion Models with Exponential Integrator, 2022,
 *       arXiv:2204.13902
 * </ul>
 */
@NullMarked
package io.github.diffusion4j.diffusion;

import org.jspecify.annotations.NullMarked;
