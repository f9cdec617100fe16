import { Fragment, type ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../api/request';
import { vhostOfLists, vhosts } from '../api/vhosts';
import { Dialog } from './Dialog';
import { Problem } from './Problem';
import { say } from './Said';

export interface Field {
    name: string;
    label: string;
    kind?: 'text' | 'number' | 'password' | 'area' | 'check' | 'choice' | 'tags';
    choices?: (string | readonly [value: string, label: string])[];
    /** What is in it at first. */
    value?: string | boolean;
    hint?: ComponentChildren;
    /** Of an area with lines of name = value: names that a click writes there, each with what it does. */
    names?: { [name: string]: string };
    required?: boolean;
    min?: number;
    max?: number;
}

/** In which virtual host: the chosen one, unless another is. */
export const vhostField = (): Field => ({
    name: 'vhost',
    label: 'Virtual host',
    kind: 'choice',
    choices: vhosts.value ?? ['/'],
    value: vhostOfLists.value,
});

export type Values = { [name: string]: string };

interface Props {
    /** On the button. */
    label: string;
    /** Of the dialog: what will be done, as a question or a name. */
    title?: string;
    /** What it means; without fields and this it is done at once. */
    explain?: ComponentChildren;
    fields?: Field[];
    danger?: boolean;
    primary?: boolean;
    /** Only one that is typed again confirms it; empty if none need be. */
    typed?: string;
    run: (values: Values) => Promise<unknown>;
    done?: string | ((result: unknown) => string);
    /** What came of it, if that is more than a line. */
    result?: (result: unknown) => ComponentChildren;
    compact?: boolean;
}

/** A button that changes something: asks first where it destroys, takes what is needed, tells how it went. */
export function Action(props: Props) {
    // As it was then: a row of a list may have become another one's meanwhile.
    const [asked, setAsked] = useState<Props | null>(null);
    const [error, setError] = useState<Error | null>(null);
    const asks = props.explain !== undefined || (props.fields?.length ?? 0) > 0 || props.danger;
    const [result, setResult] = useState<ComponentChildren>(null);
    const finish = (of: Props, result: unknown) => {
        setAsked(null);
        if (of.result) setResult(of.result(result));
        say(typeof of.done === 'function' ? of.done(result) : (of.done ?? `${of.label}: done`));
    };
    const atOnce = () =>
        props.run({}).then(
            (result) => finish(props, result),
            (cause: Error) => setError(cause),
        );
    return (
        <>
            <button
                type="button"
                class={`${props.danger ? 'danger' : props.primary ? 'primary' : ''} ${props.compact ? 'compact' : ''}`}
                onClick={() => {
                    setError(null);
                    if (asks) setAsked(props);
                    else void atOnce();
                }}
            >
                {props.label}
            </button>
            {asked && (
                <ActionDialog {...asked} finish={(result) => finish(asked, result)} onClose={() => setAsked(null)} />
            )}
            {result !== null && (
                <Dialog title={props.title ?? props.label} onClose={() => setResult(null)}>
                    {result}
                </Dialog>
            )}
            {error && (
                <Dialog title={`${props.label} failed`} onClose={() => setError(null)}>
                    <Problem error={error} />
                </Dialog>
            )}
        </>
    );
}

function ActionDialog(props: Props & { finish: (result: unknown) => void; onClose: () => void }) {
    const { fields = [], typed } = props;
    const [error, setError] = useState<Error | null>(null);
    const [busy, setBusy] = useState(false);
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget as HTMLFormElement);
        const values: Values = {};
        for (const field of fields) values[field.name] = String(form.get(field.name) ?? '');
        if (typed && form.get('typed') !== typed) {
            setError(new ApiError(400, 'What you typed is another name.'));
            return;
        }
        setBusy(true);
        setError(null);
        try {
            props.finish(await props.run(values));
        } catch (cause) {
            setError(cause as Error);
            setBusy(false);
        }
    };
    return (
        <Dialog title={props.title ?? props.label} onClose={props.onClose}>
            <form onSubmit={submit}>
                {props.explain && <div class="explain">{props.explain}</div>}
                {fields.map((field) => (
                    <Fragment key={field.name}>
                        <FieldInput field={field} />
                        {field.names && <Names of={field.names} area={idOf(field.name)} />}
                    </Fragment>
                ))}
                {typed && (
                    <label class="field">
                        <span>
                            Type <code>{typed}</code> to confirm
                        </span>
                        <input name="typed" autocomplete="off" required />
                    </label>
                )}
                {error && <Problem error={error} />}
                <footer>
                    <button type="button" onClick={props.onClose}>
                        Cancel
                    </button>
                    <button type="submit" class={props.danger ? 'danger' : 'primary'} disabled={busy}>
                        {busy ? 'Working…' : props.label}
                    </button>
                </footer>
            </form>
        </Dialog>
    );
}

const idOf = (field: string) => `field-${field}`;

function FieldInput({ field }: { field: Field }) {
    const { name, label, kind = 'text', value, hint, required } = field;
    const common = { name, required: required ?? false };
    const text = typeof value === 'string' ? value : '';
    if (kind === 'check') {
        return (
            <label class="field check">
                <input type="checkbox" name={name} value="true" defaultChecked={value === true} />
                <span>{label}</span>
                {hint && <small>{hint}</small>}
            </label>
        );
    }
    return (
        <label class="field">
            <span>{label}</span>
            {kind === 'choice' ? (
                <select {...common} defaultValue={text}>
                    {field.choices?.map((choice) => {
                        const [id, shown] = typeof choice === 'string' ? [choice, choice] : choice;
                        return (
                            <option key={id} value={id} selected={id === text}>
                                {shown}
                            </option>
                        );
                    })}
                </select>
            ) : kind === 'area' ? (
                <textarea {...common} id={idOf(name)} rows={4} spellcheck={false} defaultValue={text} />
            ) : (
                <input
                    {...common}
                    type={kind === 'number' ? 'number' : kind === 'password' ? 'password' : 'text'}
                    autocomplete={kind === 'password' ? 'new-password' : 'off'}
                    spellcheck={false}
                    defaultValue={text}
                    {...(field.min !== undefined ? { min: field.min } : {})}
                    {...(field.max !== undefined ? { max: field.max } : {})}
                />
            )}
            {hint && <small>{hint}</small>}
        </label>
    );
}

/** What may stand in an area: who does not know the names by heart finds them here. */
function Names({ of, area }: { of: { [name: string]: string }; area: string }) {
    const write = (name: string) => {
        const box = document.getElementById(area) as HTMLTextAreaElement;
        box.value = `${box.value.trimEnd()}${box.value.trim() ? '\n' : ''}${name} = `;
        box.focus();
    };
    return (
        <p class="names">
            {Object.entries(of).map(([name, does]) => (
                <button key={name} type="button" class="compact" title={does} onClick={() => write(name)}>
                    {name}
                </button>
            ))}
        </p>
    );
}
