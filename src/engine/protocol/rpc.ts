import { RemoteError, toWire } from '#engine/protocol/errors.ts';
import type { WireError } from '#engine/protocol/errors.ts';

/** What a MessagePort, a Worker and a worker's own global scope have in common. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message' | 'messageerror' | 'error', listener: (event: Event) => void): void;
  removeEventListener(type: 'message' | 'messageerror' | 'error', listener: (event: Event) => void): void;
  /** MessagePorts hold their messages back until they are started. */
  start?: () => void;
}

/** One type for both ends: method name to what it takes and what it gives back. */
export type Methods<M> = { readonly [K in keyof M]: { readonly params: unknown; readonly result: unknown } };

export type Handlers<M extends Methods<M>> = {
  readonly [K in keyof M]: (params: M[K]['params']) => M[K]['result'] | Promise<M[K]['result']>;
};

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'event'; readonly event: unknown };

/** Sends an event to the other end; the buffers in `transfer` are gone afterwards. */
export type Emit<E> = (event: E, transfer?: readonly Transferable[]) => void;

const messageOf = (event: Event): Message => (event as MessageEvent<Message>).data; // both ends are ours

/**
 * Answers calls that arrive at `port` with the handlers, which are made from a function that emits events. What a handler
 * throws crosses as plain data. Calls run side by side: a handler that must not meet another guards itself.
 */
export function serve<M extends Methods<M>, E>(port: Port, makeHandlers: (emit: Emit<E>) => Handlers<M>): void {
  const send = (message: Message, transfer: readonly Transferable[] = []): void => {
    port.postMessage(message, [...transfer]);
  };
  const handlers = makeHandlers((event, transfer) => {
    send({ kind: 'event', event }, transfer);
  });
  const answer = async (id: number, method: string, params: unknown): Promise<void> => {
    try {
      if (!Object.hasOwn(handlers, method)) throw new Error(`There is no method called ${method}.`);
      send({ kind: 'result', id, value: await handlers[method as keyof M](params as M[keyof M]['params']) });
    } catch (error) {
      send({ kind: 'error', id, error: toWire(error) });
    }
  };
  port.addEventListener('message', (event) => {
    const message = messageOf(event);
    if (message.kind === 'call') void answer(message.id, message.method, message.params);
  });
  port.start?.();
}

/** The calling end. */
export interface Connection<M extends Methods<M>> {
  /** Calls a method; rejects with a RemoteError if it throws there or the other end is or becomes dead. */
  call<K extends keyof M & string>(
    method: K,
    params: M[K]['params'],
    transfer?: readonly Transferable[],
  ): Promise<M[K]['result']>;
  /** Declares the other end dead: every open and later call rejects with this reason. Later declarations change nothing. */
  dead(reason: WireError): void;
}

/**
 * Connects to the `serve` at the other end. `error` and `messageerror` of the port (a worker that cannot start, throws
 * outside a call, or sends what cannot be read) declare it dead, so that no promise is left open. `onEvent` hears events
 * until then.
 */
export function connect<M extends Methods<M>, E>(
  port: Port,
  onEvent: (event: E) => void,
  onDeath: (error: RemoteError) => void = () => undefined,
): Connection<M> {
  const open = new Map<
    number,
    { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }
  >();
  let nextId = 1;
  let death: RemoteError | null = null;

  const onMessage = (event: Event): void => {
    const message = messageOf(event);
    if (message.kind === 'event') {
      onEvent(message.event as E);
    } else if (message.kind === 'result' || message.kind === 'error') {
      const waiting = open.get(message.id);
      open.delete(message.id);
      if (message.kind === 'result') waiting?.resolve(message.value);
      else waiting?.reject(new RemoteError(message.error));
    }
  };
  const dead = (reason: WireError): void => {
    if (death !== null) return;
    death = new RemoteError(reason);
    port.removeEventListener('message', onMessage);
    port.removeEventListener('error', onError);
    port.removeEventListener('messageerror', onMessageError);
    for (const waiting of open.values()) waiting.reject(death);
    open.clear();
    onDeath(death);
  };
  const onError = (event: Event): void => {
    event.preventDefault(); // it is handled here, the console need not report it again
    const said = (event as ErrorEvent).message as string | undefined;
    dead({ code: 'worker-died', message: `A worker stopped: ${said ?? 'it could not be started'}.`, details: {} });
  };
  const onMessageError = (): void => {
    dead({ code: 'worker-unreadable', message: 'A message of a worker could not be read.', details: {} });
  };
  port.addEventListener('message', onMessage);
  port.addEventListener('error', onError);
  port.addEventListener('messageerror', onMessageError);
  port.start?.();

  return {
    call: (method, params, transfer = []) =>
      new Promise((resolve, reject) => {
        if (death !== null) {
          reject(death);
          return;
        }
        const id = nextId++;
        open.set(id, { resolve: resolve as (value: unknown) => void, reject });
        try {
          port.postMessage({ kind: 'call', id, method, params } satisfies Message, [...transfer]);
        } catch (error) {
          open.delete(id); // what cannot be cloned is the caller's mistake, the other end is well
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }),
    dead,
  };
}
