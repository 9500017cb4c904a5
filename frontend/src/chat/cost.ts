/** A price in millionths of a dollar, for people: exact enough to add up, short enough to read. */
export function cost(micros: number): string {
  const dollars = micros / 1_000_000;
  const digits = dollars >= 1 ? 2 : dollars >= 0.01 ? 3 : 5;
  return `$${dollars.toFixed(digits)}`;
}
