import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

describe('the options of a benchmark', () => {
  it('are a file and two switches, in any order', () => {
    expect(readOptions([])).toEqual({ json: null, quick: false, hardware: false });
    expect(readOptions(['--quick', '--json', 'out.json', '--hardware'])).toEqual({
      json: 'out.json',
      quick: true,
      hardware: true,
    });
  });

  it('are refused with a sentence where they make no sense', () => {
    expect(readOptions(['--json'])).toBe('--json needs the name of a file');
    expect(readOptions(['--json', '--quick'])).toBe('--json needs the name of a file');
    expect(readOptions(['--fast'])).toBe('--fast is not an option');
  });
});
