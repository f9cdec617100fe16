import { useState } from 'preact/hooks';
import { signedOutBecause, signIn } from '../api/session';

export function SignIn() {
    const [error, setError] = useState('');
    const [busy, setBusy] = useState(false);
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget as HTMLFormElement);
        setBusy(true);
        setError('');
        try {
            await signIn(String(form.get('name')), String(form.get('password')));
        } catch (cause) {
            setError(
                cause instanceof TypeError ? 'The broker cannot be reached. Is it running?' : (cause as Error).message,
            );
            setBusy(false);
        }
    };
    const because = error || signedOutBecause.value;
    return (
        <main class="sign-in">
            <form onSubmit={submit}>
                <h1>
                    <img src="/icon.svg" alt="" width="36" height="36" /> Levada
                </h1>
                <label class="field">
                    <span>User</span>
                    <input name="name" autocomplete="username" required autofocus spellcheck={false} />
                </label>
                <label class="field">
                    <span>Password</span>
                    <input name="password" type="password" autocomplete="current-password" />
                </label>
                {because && (
                    <div class="problem" role="alert">
                        <strong>{because}</strong>
                    </div>
                )}
                <button type="submit" class="primary" disabled={busy}>
                    {busy ? 'Signing in…' : 'Sign in'}
                </button>
                <small>You stay signed in until this tab is closed.</small>
            </form>
        </main>
    );
}
