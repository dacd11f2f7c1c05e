/** What the module gives to JavaScript: the calls of the executor, then single kernels, which only their tests call. */
export { refresh } from './member';
export { predict, prepare, step } from './step';

export { averageForward, averageGradient } from './average-pool';
export { convForward } from './conv';
export { inputGradient, kernelGradient, listOutputs, listWinners, sumList } from './conv-backward';
export { convPoolForward } from './conv-pool';
export { logisticDistillation, softmaxDistillation } from './distillation';
export { columnSums, gemmPanels, gemmTransposed, reluGradient } from './gemm';
export { readBytes, readView } from './input';
export { logisticCrossEntropy, softmaxCrossEntropy } from './loss';
export { poolForward, poolGradient } from './max-pool';
export { packConvPanels, packConvRows, packDensePanels, transposePanels, unpackConvRows, unpackDenseRows } from './pack';
export { extendRange, quantizeFixed, quantizeSymmetric } from './quantize';
export { markBlocked, roundWeights, stopMarked } from './round';
export { updateAdam, updateMomentum, updateSgd } from './update';
export { winogradPoolForward } from './winograd';
export { batchCopyOut, batchPredict, batchPrepare, batchStep } from './batch-run';
export { batchConvolve, batchKernelGradient, batchSums, packTap } from './batch-conv';
export { batchApply, batchClear, batchJoin, batchJoinSums, batchMask, batchNormGradient } from './batch-join';
export { batchMoments, batchNormFinish, batchNormPredict, batchNormTurn } from './batch-norm';
export { batchAveragePool, batchAveragePoolGradient, batchMaxPool, batchMaxPoolGradient } from './batch-pool';
export { batchWinograd } from './batch-winograd';
export { packWinogradTiles } from './winograd-tiles';
export { batchWinogradGradient, unpackWinogradTiles } from './batch-winograd-gradient';
export { batchWinogradStrided, batchWinogradStridedGradient, batchWinogradStridedTurned } from './batch-winograd-strided';
