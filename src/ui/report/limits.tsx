import { groupWords } from '#ui/kit/value-words.ts';
import type { EvidenceState } from '#store/state.ts';
import { useTraining } from '#store/training.ts';
import { mixtureText } from '#ui/training/words.ts';

interface LimitsProps {
  readonly evidence: Extract<EvidenceState, { kind: 'ready' }>;
  readonly remarks: readonly string[];
  readonly minCount: number;
}

const NAMES = { error: 'error', fpr: 'false positives', fnr: 'false negatives' } as const;
type Rate = keyof typeof NAMES;

/** What this audit cannot say: remarks of the data, members left out, rates that are not estimable and why. */
export function Limits({ evidence, remarks, minCount }: LimitsProps) {
  const diverged = useTraining(({ results }) => results.filter((result) => result.diverged).length);
  const mixture = mixtureText(useTraining(({ results }) => results));
  const rows = evidence.audit.comparisons[0]?.subgroups ?? [];
  const missing = rows.flatMap((row) => {
    const rates = (Object.keys(NAMES) as Rate[]).filter((rate) => row.baseline[rate] === null);
    if (rates.length === 0) return [];
    const said = rates.map((rate) => {
      const have = rate === 'error' ? row.n : rate === 'fpr' ? row.negatives : row.positives;
      return `${NAMES[rate]} (${String(have)})`;
    });
    return [`${groupWords(evidence.examples.attributes, row.group)}: ${said.join(', ')}`];
  });
  const quantized = evidence.audit.comparisons.some(({ level }) => /int\d/u.test(level));
  return (
    <>
      <p>
        {remarks.join(' ')}{' '}
        {quantized ? 'Quantization is simulated in floating point: nothing here speaks of speed. ' : ''}
        The groups are those the data name; a group without a name was not measured.
        {mixture === null ? '' : ` ${mixture} They may round differently.`}
        {diverged > 0 ? ` ${String(diverged)} members whose loss was not a number are left out of every count.` : ''}
      </p>
      {missing.length === 0 ? null : (
        <p className="small">
          <span className="mk none" aria-hidden="true" /> <b>Not estimable</b> with fewer than {minCount}:{' '}
          {missing.join('; ')}.
        </p>
      )}
    </>
  );
}
