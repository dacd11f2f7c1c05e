/**
 * The recipe of a model. `cnn-small`: conv 3x3 and 2x2 max pool per entry of `filters`, then dense layers. `mlp`: dense layers
 * only. `resnet-8`: a convolution, then a stage per entry of `filters`, each of `blocks` residual blocks of two convolutions
 * with batch norm; stages after the first halve the image; global average pool, dense. (Three stages of one block: 8 layers.)
 */
export type ModelSpec =
  | { readonly kind: 'cnn-small'; readonly filters: readonly number[]; readonly dense: readonly number[] }
  | { readonly kind: 'mlp'; readonly hidden: readonly number[] }
  | { readonly kind: 'resnet-8'; readonly filters: readonly number[]; readonly blocks: number };
