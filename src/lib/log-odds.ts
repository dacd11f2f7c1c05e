/**
 * Probabilities in 16 bits. What is kept of p is ln(p / (1 - p)), held to [-16, 16] and cut into 65,536 steps of 1/2048; a code
 * stands for the middle of its step. Codes keep the order of the probabilities; p and 1 - p are as fine as each other, down to
 * 1.1e-7, and nowhere is the error more than 6.2e-5. Codes from 32,768 on stand for more than 1/2.
 */
export const LOG_ODDS_CODES = 65_536;
const STEPS = 2048;
const LARGEST = LOG_ODDS_CODES / 2 / STEPS;

/** The code of log-odds, infinite ones included; what is not a number counts as 0, which is a probability of 1/2. */
export function logOddsCode(logOdds: number): number {
  const code = Math.floor((logOdds + LARGEST) * STEPS);
  return Number.isNaN(code) ? LOG_ODDS_CODES / 2 : Math.min(Math.max(code, 0), LOG_ODDS_CODES - 1);
}

/** The code of a probability in [0,1]. A probability is at least t where its code is at least that of t, up to the step. */
export const codeOfProbability = (probability: number): number =>
  logOddsCode(Math.log(probability / (1 - probability)));

/** The probability that a code stands for, in (0,1). */
export const probabilityOfCode = (code: number): number => 1 / (1 + Math.exp(LARGEST - (code + 0.5) / STEPS));

const texts: (string | undefined)[] = [];

/** A code as a decimal number, with at least four and no more digits than it takes to come back as the same code. */
export function probabilityText(code: number): string {
  return (texts[code] ??= shortEnough(code));
}

function shortEnough(code: number): string {
  const probability = probabilityOfCode(code);
  for (let digits = 4; digits < 17; digits++) {
    const text = String(Number(probability.toPrecision(digits)));
    if (codeOfProbability(Number(text)) === code) return text;
  }
  return String(probability);
}
