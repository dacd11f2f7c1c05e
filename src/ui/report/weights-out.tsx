import { useState } from 'react';
import { saveWeights } from '#store/weights.ts';
import { Button } from '#ui/kit/button.tsx';
import { levelText } from '#ui/kit/levels.ts';

/** Saves the weights of the first member of a level as a file. */
export function WeightsOut({ auditId, levels }: { readonly auditId: string; readonly levels: readonly string[] }) {
  const [chosen, setChosen] = useState('');
  const level = levels.includes(chosen) ? chosen : levels[0];
  if (level === undefined) return null;
  return (
    <>
      <select
        aria-label="Level whose weights are saved"
        value={level}
        onChange={(event) => setChosen(event.target.value)}
      >
        {levels.map((name) => (
          <option key={name} value={name}>
            {levelText(name)}
          </option>
        ))}
      </select>
      <Button small onClick={() => void saveWeights(auditId, { level, index: 0 }, 'dense')}>
        Weights
      </Button>
    </>
  );
}
