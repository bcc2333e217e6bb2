//! A small bundle, in our own words, for tests without real data.

use serde_json::{Value, json};

/// The objects of a bundle, in order.
pub(super) struct Mini {
    pub objects: Vec<Value>,
}

/// A STIX id that is the same for the same type and number.
pub(super) fn id(kind: &str, number: u32) -> String {
    format!("{kind}--00000000-0000-4000-8000-{number:012}")
}

pub(super) const COLLECTION: &str = "x-mitre-collection--00000000-0000-4000-8000-000000000001";
pub(super) const MATRIX: &str = "x-mitre-matrix--00000000-0000-4000-8000-000000000001";

/// Makes an object with an ATT&CK id; `more` adds fields.
pub(super) fn object(kind: &str, number: u32, attack_id: &str, name: &str, more: Value) -> Value {
    let mut object = json!({
        "type": kind,
        "id": id(kind, number),
        "spec_version": "2.1",
        "name": name,
        "description": format!("{name}, as a test tells it."),
        "x_mitre_domains": ["enterprise-attack"],
        "external_references": [
            {"source_name": "A report", "description": "not the id"},
            {"source_name": "mitre-attack", "external_id": attack_id,
             "url": format!("https://attack.mitre.org/{attack_id}")},
        ],
    });
    merge(&mut object, more);
    object
}

fn merge(object: &mut Value, more: Value) {
    let (Value::Object(object), Value::Object(more)) = (object, more) else { panic!("two objects") };
    object.extend(more);
}

pub(super) fn tactic(number: u32, short_name: &str, more: Value) -> Value {
    let mut tactic =
        object("x-mitre-tactic", number, &format!("TA{number:04}"), &short_name.to_uppercase(), more);
    merge(&mut tactic, json!({"x_mitre_shortname": short_name}));
    tactic
}

pub(super) fn technique(number: u32, attack_id: &str, tactics: &[&str], more: Value) -> Value {
    let phase = |tactic: &&str| json!({"kill_chain_name": "mitre-attack", "phase_name": tactic});
    let phases: Vec<Value> = tactics.iter().map(phase).collect();
    let mut technique = object(
        "attack-pattern",
        number,
        attack_id,
        &format!("Technique {attack_id}"),
        json!({"kill_chain_phases": phases}),
    );
    merge(&mut technique, more);
    technique
}

pub(super) fn relationship(number: u32, kind: &str, source: &str, target: &str) -> Value {
    json!({
        "type": "relationship",
        "id": id("relationship", number),
        "relationship_type": kind,
        "source_ref": source,
        "target_ref": target,
        "description": format!("{kind}, says a test (Citation: A report)"),
    })
}

impl Mini {
    /// Three tactics, four live techniques of which one is a sub-technique, a
    /// chain of three revoked ones, one deprecated, a group, two programs.
    pub fn new() -> Self {
        let pattern = |number| id("attack-pattern", number);
        let group = id("intrusion-set", 1);
        let (malware, tool) = (id("malware", 1), id("tool", 2));
        let objects = vec![
            json!({"type": "x-mitre-collection", "id": COLLECTION, "name": "Enterprise ATT&CK",
                   "x_mitre_version": "99.1"}),
            json!({"type": "x-mitre-matrix", "id": MATRIX, "name": "Enterprise ATT&CK",
                   "external_references": [{"source_name": "mitre-attack", "external_id": "enterprise-attack"}],
                   "tactic_refs": [id("x-mitre-tactic", 3), id("x-mitre-tactic", 1), id("x-mitre-tactic", 2)]}),
            tactic(1, "execution", json!({})),
            tactic(2, "impact", json!({})),
            tactic(3, "initial-access", json!({})),
            technique(
                1,
                "T1001",
                &["execution"],
                json!({"x_mitre_platforms": ["Windows", "Linux", "Windows"]}),
            ),
            technique(2, "T1001.001", &["execution"], json!({"x_mitre_is_subtechnique": true})),
            technique(3, "T1002", &["initial-access", "execution"], json!({"revoked": false})),
            technique(4, "T1003", &["impact"], json!({})),
            technique(5, "T1004", &["impact"], json!({"revoked": true})),
            technique(6, "T1005", &["impact"], json!({"revoked": true})),
            technique(7, "T1006", &[], json!({"revoked": true, "x_mitre_deprecated": true})),
            technique(8, "T1007", &["impact"], json!({"x_mitre_deprecated": true})),
            object(
                "intrusion-set",
                1,
                "G0001",
                "Quiet Otter",
                json!({"aliases": ["Quiet Otter", "Zed", "Abe"]}),
            ),
            object("malware", 1, "S0001", "OtterDoor", json!({"x_mitre_aliases": ["OtterDoor", "OD"]})),
            object("tool", 2, "S0002", "probe", json!({"x_mitre_platforms": ["macOS", "Linux"]})),
            json!({"type": "identity", "id": id("identity", 1), "name": 5}),
            object("course-of-action", 1, "M0001", "Patch", json!({})),
            relationship(1, "subtechnique-of", &pattern(2), &pattern(1)),
            relationship(2, "revoked-by", &pattern(7), &pattern(6)),
            relationship(3, "revoked-by", &pattern(6), &pattern(5)),
            relationship(4, "revoked-by", &pattern(5), &pattern(2)),
            relationship(5, "uses", &group, &pattern(2)),
            relationship(6, "uses", &group, &malware),
            relationship(7, "uses", &malware, &pattern(3)),
            relationship(8, "uses", &tool, &pattern(3)),
            relationship(9, "mitigates", &id("course-of-action", 1), &pattern(3)),
        ];
        Self { objects }
    }

    /// That, with a group of detections of ATT&CK 18, a campaign, a component of
    /// a data source, an asset and what joins them.
    pub fn whole() -> Self {
        let pattern = |number| id("attack-pattern", number);
        let (campaign, component, analytic) =
            (id("campaign", 1), id("x-mitre-data-component", 1), id("x-mitre-analytic", 1));
        let strategy = id("x-mitre-detection-strategy", 1);
        let seen = json!({"first_seen": "2020-02-29T04:00:00.000Z", "last_seen": "2021-01-01T00:00:00Z",
            "aliases": ["Operation Holt", "Holt 2", "Holt 1"]});
        let log_sources = json!([
            {"name": "audit", "channel": "exec", "x_mitre_data_component_ref": component},
            {"name": "syslog", "channel": "two\nlines"},
        ]);
        let tuned = json!([{"field": "Window", "description": "how long"}, {"field": "Users"}]);
        let mut mini = Self::new();
        mini.objects.extend([
            object("campaign", 1, "C0001", "Operation Holt", seen),
            object(
                "x-mitre-data-source",
                1,
                "DS0001",
                "Process",
                json!({"x_mitre_deprecated": true,
                "x_mitre_platforms": ["Windows", "Linux"], "x_mitre_collection_layers": ["Host"]}),
            ),
            object(
                "x-mitre-data-component",
                1,
                "DC0001",
                "Process Creation",
                json!({"x_mitre_data_source_ref": id("x-mitre-data-source", 1),
                    "x_mitre_log_sources": [{"name": "audit", "channel": "exec"}]}),
            ),
            object(
                "x-mitre-analytic",
                1,
                "AN0001",
                "Analytic 0001",
                json!({"x_mitre_platforms": ["Linux"],
                "x_mitre_log_source_references": log_sources, "x_mitre_mutable_elements": tuned}),
            ),
            object(
                "x-mitre-detection-strategy",
                1,
                "DET0001",
                "Odd children",
                json!({"x_mitre_analytic_refs": [analytic]}),
            ),
            object(
                "x-mitre-asset",
                1,
                "A0001",
                "Pump",
                json!({"x_mitre_sectors": ["Water"],
                "x_mitre_related_assets": [{"name": "Valve", "description": "not kept"}]}),
            ),
            relationship(10, "attributed-to", &campaign, &id("intrusion-set", 1)),
            relationship(11, "uses", &campaign, &pattern(2)),
            relationship(12, "uses", &campaign, &id("tool", 2)),
            relationship(13, "detects", &strategy, &pattern(1)),
            relationship(14, "detects", &component, &pattern(1)),
            relationship(15, "targets", &pattern(3), &id("x-mitre-asset", 1)),
        ]);
        mini
    }

    /// The object with this id.
    pub fn get(&mut self, id: &str) -> &mut Value {
        self.objects.iter_mut().find(|object| object["id"] == id).expect("an object of the fixture")
    }

    /// Sets fields of the object with this id; `null` takes one away.
    pub fn set(mut self, id: &str, fields: Value) -> Self {
        let object = self.get(id);
        merge(object, fields);
        object.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
        self
    }

    pub fn with(mut self, object: Value) -> Self {
        self.objects.push(object);
        self
    }

    pub fn without(mut self, id: &str) -> Self {
        self.objects.retain(|object| object["id"] != id);
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let bundle = json!({"type": "bundle", "id": id("bundle", 1), "objects": self.objects});
        serde_json::to_vec(&bundle).expect("a value serialises")
    }
}
