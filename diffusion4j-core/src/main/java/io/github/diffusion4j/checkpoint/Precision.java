package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.torch.DType;

/** In which type elements come into memory. */
enum Precision {
  /** As they are in the file; tensors that share elements there share them here. */
  STORED {
    @Override
    DType of(DType stored) {
      return stored;
    }
  },
  /** Real numbers in F32 and in row-major order, all others as they are in the file. */
  SINGLE {
    @Override
    DType of(DType stored) {
      return switch (stored) {
        case F64, F32, F16, BF16 -> DType.F32;
        case I64, I32, I16, I8, U8, BOOL -> stored;
      };
    }
  };

  /** Returns the type in memory of what is {@code stored} in the file. */
  abstract DType of(DType stored);
}
