import type { AuditResult } from '#audit/result.ts';
import type { Plan } from '#engine/model/plan.ts';
import { count } from '#ui/kit/format.ts';

interface MethodsProps {
  readonly plan: Plan;
  readonly audit: AuditResult;
  readonly noun: string;
}

/** What was done, in words that a methods section can quote. */
export function Methods({ plan, audit, noun }: MethodsProps) {
  const pruned = plan.levels.filter((spec) => spec.kind === 'pruned');
  const quantized = plan.levels.filter((spec) => spec.kind !== 'pruned');
  const tied = audit.comparisons.reduce((most, { modalCie }) => Math.max(most, modalCie.tiedIndices.length), 0);
  return (
    <>
      <p>
        One population of {plan.members} models was trained at full size
        {pruned.length > 0
          ? ` and one for each of ${String(pruned.length)} sparsities, with the same recipe and the same seeds`
          : ''}
        .
        {pruned.length > 0
          ? ' Weights were removed by magnitude during training, tensor by tensor, on the cubic schedule of Zhu and Gupta; the last layer was kept whole, removed weights could revive until the mask was frozen.'
          : ''}
        {quantized.length > 0
          ? ` ${quantized.map((spec) => spec.kind.replace('-', ' ')).join(' and ')} models were made from the finished full-size models; they are simulated in floating point.`
          : ''}
      </p>
      <p>
        An example is a Compression Identified Exemplar (CIE) when the label that most members of the compressed
        population give it differs from the one most baseline members give it (Hooker et al. 2020).{' '}
        {noun[0]?.toUpperCase()}
        {noun.slice(1)} are ranked by Taxicab score, the votes by which the two populations differ. Ties go to the
        largest class and are marked; at most {count(tied)} changed {noun} of a level hang on a tie.
      </p>
      <p>
        Chance is what two random halves of the baseline show against each other; “more than chance” sets halves against
        halves of equal size. Rates are computed for each member and averaged. Intervals are 95 %: Student’s t over
        members for accuracies, resampled members for counts and changes; odds ratios by Woolf’s method.
      </p>
    </>
  );
}
