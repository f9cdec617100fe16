interface Props {
    label: string;
    of: { label: string; link: string; isShown: boolean }[];
}

/** One of several views of a page, each with an address of its own. */
export const Tabs = ({ label, of }: Props) => (
    <div class="tabs" role="group" aria-label={label}>
        {of.map((tab) => (
            <a key={tab.label} href={tab.link} {...(tab.isShown ? { 'aria-current': 'true' as const } : {})}>
                {tab.label}
            </a>
        ))}
    </div>
);
