/** What the module gives to JavaScript: the calls of the executor, then single kernels, which only their tests call. */
export { predict, prepare, refresh, step } from './step';

export { convForward } from './conv';
export { inputGradient, kernelGradient, listOutputs, listWinners, sumList } from './conv-backward';
export { convPoolForward } from './conv-pool';
export { columnSums, gemmPanels, gemmTransposed, reluGradient } from './gemm';
export { readBytes } from './input';
export { softmaxCrossEntropy } from './loss';
export { poolForward, poolGradient } from './max-pool';
export { packConvPanels, packConvRows, packDensePanels, transposePanels, unpackConvRows, unpackDenseRows } from './pack';
export { extendRange, quantizeFixed, quantizeSymmetric } from './quantize';
export { updateAdam, updateMomentum, updateSgd } from './update';
export { packWinograd, winogradPoolForward } from './winograd';
