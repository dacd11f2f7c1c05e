/**
 * The value of `work`, or a rejection with `message` after `limitMs` milliseconds: a lost WebGL context never settles a
 * read. The work itself cannot be cancelled; its later outcome is dropped.
 */
export function withTimeLimit<T>(work: Promise<T>, limitMs: number, message: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(message));
    }, limitMs);
    work
      .finally(() => {
        clearTimeout(timer);
      })
      .then(resolve, reject);
  });
}
