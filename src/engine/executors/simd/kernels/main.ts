/** What the module gives to JavaScript: the calls of the executor, and single kernels for their tests. */
export { predict, prepare, refresh, step } from './step';
