import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '#ui/kit/kit.css';
import { BenchPage } from './bench-page.tsx';
import { browserHost } from './browser-host.ts';
import { remoteHost } from './remote.ts';

window.longtailBench = remoteHost(browserHost); // for the command line
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
createRoot(root).render(
  <StrictMode>
    <BenchPage />
  </StrictMode>,
);
