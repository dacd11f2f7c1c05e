/** What the words of an audit mean, in one place for every screen. Plain sentences; the papers' terms come after. */
export const DEFINITIONS = {
  example: 'One item of the data: a picture or a row, with its true label and its attributes.',
  member:
    'One trained model. Members of a crowd share the recipe and differ by their seed: other first weights, other order of examples.',
  population: 'A crowd of models with the same recipe and different seeds.',
  baseline: 'The crowd at full size: nothing removed, nothing rounded. Drawn as circles.',
  compressed: 'The crowd under one level of compression. Drawn as diamonds.',
  level: 'One way of compressing, such as 95 % of the weights removed, with a crowd of its own.',
  sparsity: 'The fraction of prunable weights that are zero.',
  pruning: 'Removing the weights of smallest magnitude, a few more at a time while the model trains.',
  quantization:
    'Storing weights as whole numbers of 8 bits, after training or already while training. What runs here is a simulation.',
  'hybrid int8':
    'Weights rounded to 8 bits, activations rounded while the model runs (dynamic range). Small tensors stay as they are.',
  'fixed int8':
    'Weights and activations rounded to 8 bits; the range of the activations comes from calibration examples.',
  'QAT int8':
    'Quantization-aware training: the model trains on while its weights and activations are rounded to 8 bits, so that it learns to live with it.',
  'pruning semantics':
    'What happens to a removed weight: it waits at its old value (Hooker et al.), or is set to 0 and must grow back (TensorFlow Model Optimization).',
  loss: 'What training makes small. Softmax has one output a class; logistic has one output for two classes.',
  'learning rate': 'How far each step goes. It can stay, rise at first and then fall, or fall in stairs.',
  'weight decay': 'Pulls weights towards 0 a little at every step.',
  augmentation: 'Training images are mirrored or moved at random, anew at every step. The audited images are not.',
  'batch norm': 'A layer that brings each channel to mean 0 and spread 1 over the batch.',
  'audit split': 'The examples the crowds are compared on. No model has seen them in training.',
  attribute: 'A column that tells people or things apart, such as Male. Groups are its values, alone or in pairs.',
  'modal label': 'The label that most members of a crowd give to an example.',
  vote: 'One member, one label for an example.',
  cie: 'An example whose modal label differs between the baseline and the compressed crowd: a Compression Identified Exemplar.',
  'taxicab score':
    'How many votes moved: the sum over labels of the difference between the two crowds. It ranks every example.',
  'jaccard score': 'One minus the overlap of the votes of both crowds. It ranks exactly as the Taxicab score.',
  'top-1': 'The share of examples whose label a member gets right, averaged over members.',
  'false positive':
    'An example that is not positive and is called positive. The rate (FPR) is among all that are not positive.',
  'false negative': 'An example that is positive and is not called so. The rate (FNR) is among all that are positive.',
  'normalized difference':
    'How much a rate changed from the baseline, in percent of the baseline: 100 × (compressed − baseline) / baseline.',
  'equalized-odds bias':
    'How far sensitivity and specificity differ between the groups of an attribute, summed over pairs of groups.',
  'over-indexing': 'The share of a group among CIEs, divided by its share in the data. Above 1: more than its share.',
  'not estimable': 'Too few examples, or nothing to divide by. Shown as a dash with the reason, never as zero.',
  'null control':
    'How many CIEs two random halves of the same crowd show against each other. That is what chance alone gives.',
  interval: 'Where the value would lie in 95 of 100 repetitions with other seeds and other examples.',
  'odds ratio': 'The odds of being a CIE inside a group against outside it.',
} as const satisfies Readonly<Record<string, string>>;

export type DefinedTerm = keyof typeof DEFINITIONS;
