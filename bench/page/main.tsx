import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '#ui/kit/kit.css';
import { BenchPage } from './bench-page.tsx';
import { browserHost } from './browser-host.ts';
import { remoteHost } from './remote.ts';

window.longtailBench = remoteHost(browserHost); // for the command line
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
const examples = Number(new URLSearchParams(location.search).get('gallery') ?? 0);
if (examples > 0) {
  const { showGallery } = await import('./gallery-page.tsx');
  showGallery(root, examples);
} else {
  createRoot(root).render(
    <StrictMode>
      <BenchPage />
    </StrictMode>,
  );
}
