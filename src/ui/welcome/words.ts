/** The sentences of the first screen. */
export const WELCOME = {
  title: 'Whom does a compressed model forget?',
  lead: 'Longtail trains a crowd of small models in this browser, shrinks them, and shows you the pictures on which the shrunken crowd changed its mind.',
  full: 'models at full size',
  shrunk: 'models of the same recipe, 95\u00a0% of weights removed',
  illustration: 'Illustration, not a measurement: what a forgotten face looks like.',
  illustrationWhy: 'An average hardly notices such a face. An audit lists every one of them.',
  doors: {
    finished: {
      title: 'See a finished audit',
      text: 'An audit of the drawn faces that was trained beforehand: every chart, and the faces behind every number.',
      action: 'Open the audit',
      aside: 'opens in seconds',
      opening: 'reading it…',
    },
    run: {
      title: 'Run one now',
      text: 'A crowd of small models on drawn faces. You watch each one train, shrink and vote.',
      action: 'Start',
      choose: 'or choose data and plan',
      aside: 'the shortest plan, no GPU needed',
    },
    own: {
      title: 'Use my data',
      text: 'Images in a folder or zip with a table that names them, or a table of values. Drop them anywhere here.',
      action: 'Choose files',
      folder: 'or a folder',
      aside: 'they stay on this device',
    },
  },
} as const;
