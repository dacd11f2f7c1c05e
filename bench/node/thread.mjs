// A thread starts without the loader of its parent, and TypeScript needs one.
import { register } from 'tsx/esm/api';

register();
await import('./thread.ts');
