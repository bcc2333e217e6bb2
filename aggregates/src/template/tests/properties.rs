//! Random histories held against a small model, and random texts filled in.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A template as the decisions tell it, kept apart from the aggregate.
#[derive(Debug, Default)]
struct Model {
    events: u64,
    name: Option<String>,
    versions: u32,
    active: bool,
    retired: Option<(Actor, String)>,
}

#[derive(Debug, PartialEq)]
enum Answer {
    Happens,
    Nothing,
    Refuses,
}

impl Model {
    fn answer(&self, command: &TemplateCommand) -> Answer {
        let if_news = |news: bool| if news { Answer::Happens } else { Answer::Nothing };
        let creates = matches!(command.action, TemplateAction::Create(_));
        if self.name.is_none() || creates {
            return if self.name.is_none() && creates { Answer::Happens } else { Answer::Refuses };
        }
        if command.expected_version.is_some_and(|expected| expected != self.events) {
            return Answer::Refuses;
        }
        match (&command.action, &self.retired) {
            (TemplateAction::Retire { .. }, None) => Answer::Happens,
            (TemplateAction::Retire { reason }, Some((who, why))) => {
                if *who == command.by && why == reason {
                    Answer::Nothing
                } else {
                    Answer::Refuses
                }
            }
            (_, Some(_)) => Answer::Refuses,
            (TemplateAction::Revise(revision), None) => {
                if_news(revision.name.is_some() && revision.name != self.name)
            }
            (TemplateAction::Activate, None) => if_news(!self.active),
            (TemplateAction::Deactivate, None) => if_news(self.active),
            (TemplateAction::Create(_) | TemplateAction::SwitchImported { .. }, None) => Answer::Refuses,
        }
    }

    fn follow(&mut self, command: &TemplateCommand) {
        self.events += 1;
        match &command.action {
            TemplateAction::Create(content) => {
                self.name = Some(content.name.clone());
                self.versions = 1;
                self.active = true;
            }
            TemplateAction::Revise(revision) => {
                self.name.clone_from(&revision.name);
                self.versions += 1;
            }
            TemplateAction::Activate => self.active = true,
            TemplateAction::Deactivate => self.active = false,
            TemplateAction::SwitchImported { .. } => unreachable!("it is not asked for here"),
            TemplateAction::Retire { reason } => {
                self.active = false;
                self.retired = Some((command.by, reason.clone()));
            }
        }
    }
}

fn commands() -> impl Strategy<Value = Vec<TemplateCommand>> {
    let action = prop_oneof![
        2 => Just(TemplateAction::Create(Box::new(content()))),
        4 => (0..3_u8).prop_map(|n| rename(&format!("name {n}"))),
        2 => Just(TemplateAction::Activate),
        2 => Just(TemplateAction::Deactivate),
        1 => (0..2_u8).prop_map(|n| TemplateAction::Retire { reason: format!("reason {n}") }),
    ];
    let version = prop_oneof![9 => Just(None), 1 => (0..8_u64).prop_map(Some)];
    let command = (select(vec![RED_LEAD, BLUE_LEAD]), action, version)
        .prop_map(|(by, action, expected_version)| TemplateCommand { expected_version, ..ask(by, action) });
    vec(command, 0..40)
}

proptest! {
    #[test]
    fn every_decision_is_the_models(commands in commands()) {
        let mut model = Model::default();
        let mut template = Template::default();
        for command in commands {
            let decision = template.decide(command.clone());
            let decided = match &decision {
                Ok(Some(_)) => Answer::Happens,
                Ok(None) => Answer::Nothing,
                Err(_) => Answer::Refuses,
            };
            prop_assert_eq!(&decided, &model.answer(&command), "{:?} on {:?}", command, model);
            if let Ok(Some(event)) = decision {
                template.apply(event);
                model.follow(&command);
            }
            prop_assert_eq!(template.version(), model.events);
            prop_assert_eq!(template.content_version(), model.versions);
            prop_assert_eq!(template.usable().is_ok(), model.active);
        }
    }

    #[test]
    fn filling_replaces_the_gaps_and_nothing_else(
        texts in vec("[ -~\n]{0,12}", 1..6),
        value in "[ -~\n]{0,40}",
    ) {
        // Literal parts without what opens a gap, so that the gaps are known.
        let texts: Vec<String> = texts.iter().map(|text| text.replace('#', "")).collect();
        let with_gaps = Content {
            procedure: texts.join("#{a}"),
            cleanup: String::new(),
            prerequisites: String::new(),
            arguments: vec![argument("a", None, ArgumentKind::String)],
            ..content()
        };
        let filled = with_gaps.filled(&Arguments::from([("a".to_owned(), value.clone())]));
        prop_assert_eq!(filled.map(|filled| filled.procedure), Ok(texts.join(&value)));
    }

    #[test]
    fn any_text_is_cut_without_a_panic(text in "[#{}a-c é\n]{0,60}") {
        let odd = Content { procedure: text, ..content() };
        let _ = odd.filled(&Arguments::new());
        let _ = creating(odd);
    }
}
