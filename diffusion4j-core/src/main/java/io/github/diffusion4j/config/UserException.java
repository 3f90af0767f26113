package io.github.diffusion4j.config;

/** Wrong input of a person: the message says in one line what, which value, and what is allowed. */
public final class UserException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error that the person who gave the input can mend. */
  public UserException(String message) {
    super(message);
  }
}
