import { useCores } from '#store/core-preference.ts';
import { takeAllCores, useTraining } from '#store/training.ts';
import { CheckField } from '#ui/kit/field.tsx';

/** Of two cores both are used anyway. */
const FEW_CORES = 2;

/** Whether training may have the core that is left to the page. Nothing where there is none to give, or a GPU trains. */
export function Cores() {
  const all = useCores((state) => state.all);
  const backend = useTraining(({ admission }) => admission?.backend ?? null);
  const onCpu = backend === 'simd' || backend === 'reference';
  if (!onCpu || navigator.hardwareConcurrency <= FEW_CORES) return null;
  return (
    <CheckField
      label="Use all cores"
      detail={all ? 'this page may stutter' : 'one is left to this page while you look at it'}
      checked={all}
      onChange={takeAllCores}
    />
  );
}
