package io.github.diffusion4j.cli.bench;

/**
 * What all workloads have in common.
 *
 * @param threads how many threads libtorch may use
 * @param warmUpSeconds how long a process warms up before it is measured
 * @param folders where models lie
 */
record Setting(int threads, double warmUpSeconds, Folders folders) {}
