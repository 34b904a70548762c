/** `%d`, `%(key)05.2f`; `{:d}`, `{key:.2f}`: nothing but a number can be printed so. */
export function isNumberPlaceholder(written: string): boolean {
  if (/^%(?:\(\w+\))?[-#0 +]*(?:\d+|\*)?(?:\.\d+)?[diouxXeEfFgG]$/.test(written)) return true;
  return isNumberSuffix(/^\{\w*(:[^{}]*)\}$/.exec(written)?.[1] ?? '');
}

/** The format of a field, a number's or that of a date. */
export function isNumberSuffix(suffix: string): boolean {
  return /^:(?:(?:.?[<>=^])?[-+ ]?z?#?0?\d*[_,]?(?:\.\d+)?[bdeEfFgGnoxX%]|%[-a-zA-Z%:/. ]+)$/.test(suffix);
}
