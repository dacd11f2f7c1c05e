import { afterEach, describe, expect, it } from 'vitest';
import { RemoteError, problemOf, toWire } from '#engine/protocol/errors.ts';
import { connect, serve } from '#engine/protocol/rpc.ts';
import { ProblemError } from '#lib/result.ts';

interface Sums {
  readonly add: { readonly params: readonly [number, number]; readonly result: number };
  readonly refuse: { readonly params: null; readonly result: null };
  readonly crash: { readonly params: null; readonly result: null };
  readonly never: { readonly params: null; readonly result: null };
  readonly length: { readonly params: Float32Array; readonly result: number };
  readonly announce: { readonly params: Float32Array; readonly result: number };
}

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function pair(onEvent: (event: Float32Array) => void = () => undefined, onDeath?: (error: RemoteError) => void) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  serve<Sums, Float32Array>(port2, (emit) => ({
    add: ([a, b]) => a + b,
    refuse: () => {
      throw new ProblemError({ code: 'no-memory', message: 'There is no memory left.', file: 'a.csv', row: 3 });
    },
    crash: () => Promise.reject(new TypeError('x is not a function')),
    never: () => new Promise<null>(() => undefined),
    length: (numbers) => numbers.length,
    announce: (numbers) => {
      emit(numbers, [numbers.buffer as ArrayBuffer]);
      return numbers.length; // 0 once the buffer has been transferred
    },
  }));
  return { connection: connect<Sums, Float32Array>(port1, onEvent, onDeath), port1, port2 };
}

describe('calls over a port', () => {
  it('give each call its own answer, whatever the order', async () => {
    const { connection } = pair();
    const sums = [1, 2, 3, 4].map((n) => connection.call('add', [n, n]));
    expect(await Promise.all(sums)).toEqual([2, 4, 6, 8]);
  });

  it('move the buffers in the transfer list instead of copying them', async () => {
    const { connection } = pair();
    const numbers = new Float32Array(5);
    expect(await connection.call('length', numbers, [numbers.buffer])).toBe(5);
    expect(numbers.length).toBe(0);
  });

  it('deliver events before the answer of the call that emitted them', async () => {
    const heard: number[] = [];
    const { connection } = pair((event) => heard.push(...event));
    expect(await connection.call('announce', Float32Array.of(1, 2))).toBe(0);
    expect(heard).toEqual([1, 2]);
  });

  it('rebuild a problem as a typed error with its code, sentence and details', async () => {
    const error = await pair()
      .connection.call('refuse', null)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RemoteError);
    expect(problemOf(error)).toEqual({ code: 'no-memory', message: 'There is no memory left.' });
    expect((error as RemoteError).details).toEqual({ file: 'a.csv', row: 3 });
    expect(toWire(error)).toEqual({
      code: 'no-memory',
      message: 'There is no memory left.',
      details: { file: 'a.csv', row: 3 },
    });
  });

  it('reject with the code unexpected where anything else was thrown', async () => {
    await expect(pair().connection.call('crash', null)).rejects.toMatchObject({
      problem: { code: 'unexpected', message: 'x is not a function' },
      details: { name: 'TypeError' },
    });
  });

  it('reject a call that cannot be cloned and stay usable', async () => {
    const { connection } = pair();
    const unclonable = [1, () => 1] as unknown as readonly [number, number];
    await expect(connection.call('add', unclonable)).rejects.toThrow();
    expect(await connection.call('add', [1, 1])).toBe(2);
  });

  it('name a method that does not exist', async () => {
    const { connection } = pair();
    await expect(connection.call('toString' as 'crash', null)).rejects.toThrow('There is no method called toString.');
  });
});

describe('the death of the other end', () => {
  const gone = { code: 'worker-lost', message: 'The worker was lost.', details: {} };

  it('settles every open call and every later one', async () => {
    const { connection } = pair();
    const open = [connection.call('never', null), connection.call('never', null)];
    connection.dead(gone);
    for (const call of [...open, connection.call('add', [1, 2])]) {
      await expect(call).rejects.toMatchObject({ problem: { code: 'worker-lost' } });
    }
  });

  it.each([
    ['error', 'worker-died'],
    ['messageerror', 'worker-unreadable'],
  ])('is noticed by the %s event, once', async (type, code) => {
    const deaths: string[] = [];
    const { connection, port1 } = pair(undefined, (error) => deaths.push(error.problem.code));
    const open = connection.call('never', null);
    port1.dispatchEvent(new Event(type));
    connection.dead(gone);
    await expect(open).rejects.toMatchObject({ problem: { code } });
    expect(deaths).toEqual([code]);
  });
});
