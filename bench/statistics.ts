/** The value below which a part of the sample lies; 0.5 is the median. */
export function quantile(sample: readonly number[], part: number): number {
  const sorted = sample.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * part;
  const [below = 0, above = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
}

export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}
