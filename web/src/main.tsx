import { render } from 'preact';
import { session } from './api/session';
import { Shell } from './parts/Shell';
import './parts/theme';
import { SignIn } from './pages/SignIn';

const Page = () => (session.value ? <Shell /> : <SignIn />);

const root = document.getElementById('page');
if (root) render(<Page />, root);
