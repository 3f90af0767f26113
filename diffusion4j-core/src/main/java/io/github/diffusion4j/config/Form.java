package io.github.diffusion4j.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How the types of configuration records look in a file: a record is a group of options, a sealed
 * interface is a group with the option {@link #KIND}, an enum constant is a word in small letters.
 */
final class Form {
  /** The option that names which of the variants of a sealed interface is meant. */
  static final String KIND = "kind";

  private Form() {}

  static boolean isOptional(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == Optional.class;
  }

  static boolean isList(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == List.class;
  }

  /** Returns X of an {@code Optional<X>} or {@code List<X>}. */
  static Type element(Type type) {
    return ((ParameterizedType) type).getActualTypeArguments()[0];
  }

  /** Returns X of an {@code Optional<X>}, and any other type as it is. */
  static Type present(Type type) {
    return isOptional(type) ? element(type) : type;
  }

  static boolean isRecord(Type type) {
    return type instanceof Class<?> plain && plain.isRecord();
  }

  static boolean isVariants(Type type) {
    return type instanceof Class<?> plain && plain.isInterface() && plain.isSealed();
  }

  static boolean isWhole(Type type) {
    return type == int.class || type == Integer.class || type == long.class || type == Long.class;
  }

  static boolean isNumber(Type type) {
    return isWhole(type) || type == double.class || type == Double.class;
  }

  /** Returns the options of a record, with their types, in order. */
  static Map<String, Type> components(Type record) {
    Map<String, Type> components = new LinkedHashMap<>();
    for (RecordComponent component : ((Class<?>) record).getRecordComponents()) {
      components.put(component.getName(), component.getGenericType());
    }
    return components;
  }

  /**
   * Returns the records that implement a sealed interface, or one that extends it, by the word that
   * names them.
   */
  static Map<String, Class<?>> variants(Type sealed) {
    Map<String, Class<?>> variants = new LinkedHashMap<>();
    for (Class<?> variant : ((Class<?>) sealed).getPermittedSubclasses()) {
      if (isVariants(variant)) {
        variants.putAll(variants(variant));
      } else {
        variants.put(kind(variant), variant);
      }
    }
    return variants;
  }

  /** Returns the word that names a variant: {@code scaled-linear} is ScaledLinear. */
  static String kind(Class<?> variant) {
    return variant
        .getSimpleName()
        .replaceFirst("Config$", "")
        .replaceAll("(?<=\\p{Lower})(?=\\p{Upper})", "-")
        .toLowerCase(Locale.ROOT);
  }

  /** Returns what may be written for a value of this type, in words. */
  static String allowed(Type type) {
    if (isOptional(type)) {
      return allowed(element(type)) + ", or nothing";
    }
    if (isList(type)) {
      return "a list, each entry " + allowed(element(type));
    }
    if (isVariants(type)) {
      return String.join(", ", variants(type).keySet());
    }
    if (isRecord(type)) {
      return "a group of " + String.join(", ", components(type).keySet());
    }
    if (type instanceof Class<?> plain && plain.isEnum()) {
      return Arrays.stream(plain.getEnumConstants())
          .map(constant -> Word.of((Enum<?>) constant))
          .collect(Collectors.joining(", "));
    }
    if (isNumber(type)) {
      return isWhole(type) ? "a whole number" : "a number";
    }
    return "a text";
  }

  /** Returns the paths of all options below a group, those of all variants too, sorted. */
  static Set<String> paths(Type group, String prefix) {
    Set<String> paths = new TreeSet<>();
    Set<Type> records = new LinkedHashSet<>();
    if (isVariants(group)) {
      paths.add(join(prefix, KIND));
      records.addAll(variants(group).values());
    } else {
      records.add(group);
    }
    for (Type record : records) {
      components(record)
          .forEach(
              (name, type) -> {
                Type present = present(type);
                String path = join(prefix, name);
                if (isRecord(present) || isVariants(present)) {
                  paths.addAll(paths(present, path));
                } else {
                  paths.add(path);
                }
              });
    }
    return paths;
  }

  static String join(String prefix, String name) {
    return prefix.isEmpty() ? name : prefix + "." + name;
  }
}
