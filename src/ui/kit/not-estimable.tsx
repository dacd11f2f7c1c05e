/** A dash with its reason ("26 blond, 30 needed"), and, where there is room, a hatched square. Never 0, never blank. */
export function NotEstimable({ reason, mark = false }: { readonly reason: string; readonly mark?: boolean }) {
  return (
    <span className="ne">
      {mark ? <span className="mk none" aria-hidden="true" /> : null}
      <span className="vh">not estimable: </span>
      {reason}
    </span>
  );
}
