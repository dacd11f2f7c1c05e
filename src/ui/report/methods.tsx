import { isPostTraining, levelName, type PrunedSpec } from '#compression/spec.ts';
import type { AuditResult } from '#audit/result.ts';
import type { Plan } from '#engine/model/plan.ts';
import { count, counted, list, upperFirst } from '#ui/kit/format.ts';
import { levelText } from '#ui/kit/levels.ts';
import {
  augmentationWords,
  lossWords,
  optimizerWords,
  qatWords,
  scheduleWords,
  SEMANTICS,
} from '#ui/kit/plan-words.ts';

interface MethodsProps {
  readonly plan: Plan;
  readonly audit: AuditResult;
  readonly noun: string;
}

/** What was done, in words that a methods section can quote. */
export function Methods({ plan, audit, noun }: MethodsProps) {
  const pruned = plan.levels.filter((spec) => spec.kind === 'pruned');
  const sparsities = new Set(pruned.map(({ sparsity }) => sparsity)).size;
  const semantics = (['hooker', 'tfmot'] as const).filter((own) => pruned.some((spec) => spec.semantics === own));
  const made = plan.levels.filter(isPostTraining).map(levelName).map(levelText);
  const aware = plan.levels.find((spec) => spec.kind === 'qat-int8');
  const views = augmentationWords(plan.augmentation);
  const tied = audit.comparisons.reduce((most, { modalCie }) => Math.max(most, modalCie.tiedIndices.length), 0);
  return (
    <>
      <p>
        One population of {plan.members} models was trained at full size
        {pruned.length > 0
          ? ` and one for each of ${counted(sparsities, ['sparsity', 'sparsities'])}${semantics.length > 1 ? ' and each way of pruning' : ''}, with the same recipe and the same seeds`
          : ''}
        .
        {` Training made ${lossWords(plan.loss)} small with ${optimizerWords(plan.optimizer)}, at a learning rate of ${String(plan.learningRate)}, ${scheduleWords(plan.schedule)}.`}
        {views === null ? '' : ` Training images were ${views}.`}
        {pruned.length > 0
          ? ` Weights were removed by magnitude during training, ${scopeWords(pruned)}, on the cubic schedule of Zhu and Gupta.`
          : ''}
        {semantics.map((own) => ` ${SEMANTICS[own].sentence}`).join('')}
        {made.length > 0
          ? ` ${upperFirst(list(made))} models were made from the finished full-size models; they are simulated in floating point.`
          : ''}
        {aware === undefined
          ? ''
          : ` QAT int8 models were trained with ${qatWords(aware, plan.steps)}; they, too, are simulated in floating point.`}
      </p>
      <p>
        An example is a Compression Identified Exemplar (CIE) when the label that most members of the compressed
        population give it differs from the one most baseline members give it (Hooker et al. 2020). {upperFirst(noun)}{' '}
        are ranked by Taxicab score, the votes by which the two populations differ. Ties go to the largest class and are
        marked; at most {count(tied)} changed {noun} of a level hang on a tie.
      </p>
      <p>
        Chance is what two random halves of the baseline show against each other; “more than chance” sets halves against
        halves of equal size. Rates are computed for each member and averaged. Intervals are 95 % and count both members
        and examples as drawn anew; those of counts and bias come from resampled members. Odds ratios by Woolf’s method,
        over examples. Tests are corrected for all groups, rates and levels (Holm).
      </p>
    </>
  );
}

function scopeWords(pruned: readonly PrunedSpec[]): string {
  const global = pruned.filter(({ scope }) => scope === 'global').length;
  if (global === 0) return 'tensor by tensor';
  return global === pruned.length
    ? 'compared over all tensors'
    : 'tensor by tensor or, at the levels called global, compared over all tensors';
}
