import { gammaln } from 'simple-statistics';

/** Tail probabilities of the tests of an audit, by the continued fractions of Numerical Recipes (3rd edition, sections 6.2 and 6.4). */

const MOST_TERMS = 10_000;
const PRECISION = 1e-15;
/** In place of a zero denominator (Lentz's method). */
const TINY = 1e-300;

/** The regularized incomplete beta function I_x(a, b): a, b > 0 and x in [0,1]; in [0,1]. */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a); // where the fraction converges quickly
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x));
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const change = c * d;
    fraction *= change;
    if (Math.abs(change - 1) < PRECISION) break;
  }
  return (front * fraction) / a;
}

/** P(|T| >= |t|) of Student's t with `degrees` > 0 degrees of freedom; 0 for an infinite t. */
export function studentTails(t: number, degrees: number): number {
  return Number.isFinite(t) ? regularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5) : 0;
}

/** P(X >= x) of the chi-squared distribution with a whole number of degrees of freedom from 1; 1 for x at most 0. */
export function chiSquaredTail(x: number, degrees: number): number {
  if (x <= 0) return 1;
  const a = degrees / 2;
  const half = x / 2;
  const front = Math.exp(a * Math.log(half) - half - gammaln(a));
  return half < a + 1 ? 1 - front * lowerSeries(a, half) : front * upperFraction(a, half);
}

/** P(Z >= z) of the standard normal distribution. */
export function normalTail(z: number): number {
  const beyond = chiSquaredTail(z * z, 1) / 2;
  return z > 0 ? beyond : 1 - beyond;
}

/** P(X <= successes) of the binomial distribution with probability 1/2. */
export function fairCoinTail(successes: number, count: number): number {
  return successes >= count ? 1 : regularizedBeta(0.5, count - successes, successes + 1);
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n <= MOST_TERMS && term > sum * PRECISION; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / nonZero(b);
  let fraction = d;
  for (let n = 1; n <= MOST_TERMS; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    const change = c * d;
    fraction *= change;
    if (Math.abs(change - 1) < PRECISION) break;
  }
  return fraction;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
